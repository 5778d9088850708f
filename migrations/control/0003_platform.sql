CREATE TABLE `feature_switches` (
	`name` text PRIMARY KEY NOT NULL,
	`is_on` integer NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `impersonations` (
	`id` text PRIMARY KEY NOT NULL,
	`admin_id` text NOT NULL,
	`user_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`session_id` text NOT NULL,
	`reason` text NOT NULL,
	`may_write` integer NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`ended_at` text,
	FOREIGN KEY (`admin_id`) REFERENCES `identities`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `identities`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `impersonations_created` ON `impersonations` (`created_at`);--> statement-breakpoint
CREATE INDEX `impersonations_tenant` ON `impersonations` (`tenant_id`);--> statement-breakpoint
ALTER TABLE `identities` ADD `is_platform_admin` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `impersonation_id` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `support_access` text DEFAULT 'read' NOT NULL;