CREATE TABLE `quotas` (
	`name` text PRIMARY KEY NOT NULL,
	`most` integer,
	`updated_by` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`secret` text NOT NULL,
	`hint` text NOT NULL,
	`version` integer NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `resource_access` (
	`resource_id` text PRIMARY KEY NOT NULL,
	`access` text NOT NULL,
	`owner_id` text,
	`shares` text NOT NULL,
	`access_version` integer NOT NULL,
	`shared_by` text NOT NULL,
	`shared_at` text NOT NULL
);
