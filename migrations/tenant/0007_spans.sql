CREATE TABLE `spans` (
	`id` text PRIMARY KEY NOT NULL,
	`parent_id` text,
	`execution_id` text NOT NULL,
	`flow_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`node_id` text,
	`node_label` text,
	`scope` text NOT NULL,
	`attempt` integer NOT NULL,
	`status` text NOT NULL,
	`start_time` text NOT NULL,
	`end_time` text NOT NULL,
	`duration_ms` integer NOT NULL,
	`attributes` text NOT NULL,
	`model` text,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`first_token_ms` integer,
	`text` text
);
--> statement-breakpoint
CREATE INDEX `spans_execution` ON `spans` (`execution_id`,`start_time`,`id`);--> statement-breakpoint
CREATE INDEX `spans_time` ON `spans` (`start_time`);--> statement-breakpoint
CREATE INDEX `spans_flow` ON `spans` (`flow_id`,`start_time`);--> statement-breakpoint
CREATE INDEX `spans_error` ON `spans` (`start_time`) WHERE status = 'error';--> statement-breakpoint
CREATE INDEX `spans_model` ON `spans` (`model`,`start_time`) WHERE model is not null;