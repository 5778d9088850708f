CREATE TABLE `approvals` (
	`id` text PRIMARY KEY NOT NULL,
	`execution_id` text NOT NULL,
	`flow_id` text NOT NULL,
	`flow_name` text NOT NULL,
	`status` text NOT NULL,
	`title` text NOT NULL,
	`requested_at` text NOT NULL,
	`due` text,
	`answered_at` text,
	`row` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `approvals_status` ON `approvals` (`status`,`requested_at`);--> statement-breakpoint
CREATE INDEX `approvals_execution` ON `approvals` (`execution_id`);