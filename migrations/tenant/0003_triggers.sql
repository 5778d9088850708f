CREATE TABLE `trigger_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`trigger_id` text NOT NULL,
	`once` text,
	`at` text NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	`status` integer,
	`execution_id` text,
	`method` text,
	`query` text NOT NULL,
	`headers` text NOT NULL,
	`digest` text,
	`body` text,
	`body_bytes` integer NOT NULL,
	`scheduled_for` text,
	`source_execution_id` text,
	`redelivery_of` text
);
--> statement-breakpoint
CREATE INDEX `trigger_deliveries_trigger` ON `trigger_deliveries` (`trigger_id`,`at`);--> statement-breakpoint
CREATE INDEX `trigger_deliveries_at` ON `trigger_deliveries` (`at`);--> statement-breakpoint
CREATE UNIQUE INDEX `trigger_deliveries_once` ON `trigger_deliveries` (`trigger_id`,`once`);--> statement-breakpoint
CREATE TABLE `trigger_receipts` (
	`trigger_id` text NOT NULL,
	`key` text NOT NULL,
	`claim` text NOT NULL,
	`execution_id` text,
	`expires` integer NOT NULL,
	PRIMARY KEY(`trigger_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `trigger_receipts_claim` ON `trigger_receipts` (`claim`);--> statement-breakpoint
CREATE INDEX `trigger_receipts_expires` ON `trigger_receipts` (`expires`);--> statement-breakpoint
CREATE TABLE `triggers` (
	`id` text PRIMARY KEY NOT NULL,
	`flow_id` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`config` text NOT NULL,
	`is_active` integer NOT NULL,
	`token_digest` text,
	`token_number` integer NOT NULL,
	`secret` text,
	`hint` text,
	`source_flow_id` text,
	`last_fired_at` text,
	`next_fire_at` text,
	`failures_in_a_row` integer NOT NULL,
	`last_error` text,
	`last_error_code` text,
	`last_error_at` text,
	`listen_until` text,
	`listen_starts` integer NOT NULL,
	`heard_delivery` text,
	`version` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `triggers_token_digest_unique` ON `triggers` (`token_digest`);--> statement-breakpoint
CREATE INDEX `triggers_created` ON `triggers` (`created_at`);--> statement-breakpoint
CREATE INDEX `triggers_flow` ON `triggers` (`flow_id`);--> statement-breakpoint
CREATE INDEX `triggers_source` ON `triggers` (`source_flow_id`);