CREATE TABLE `budgets` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`scope` text NOT NULL,
	`target_id` text,
	`limit_micros` integer NOT NULL,
	`period` text NOT NULL,
	`mode` text NOT NULL,
	`alert_webhook_url` text,
	`alert_webhook_secret` text,
	`alert_webhook_hint` text,
	`alert_emails` text NOT NULL,
	`is_active` integer NOT NULL,
	`version` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE INDEX `budgets_created` ON `budgets` (`created_at`);