CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`subject` text NOT NULL,
	`scope` text NOT NULL,
	`reason` text NOT NULL,
	`status` text NOT NULL,
	`counts` text,
	`requested_by` text NOT NULL,
	`requested_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`confirmed_by` text,
	`confirmed_at` text,
	`finished_at` text
);
--> statement-breakpoint
CREATE INDEX `erasures_requested` ON `erasures` (`requested_at`);--> statement-breakpoint
CREATE INDEX `erasures_status` ON `erasures` (`status`);--> statement-breakpoint
CREATE TABLE `legal_holds` (
	`id` text PRIMARY KEY NOT NULL,
	`target` text NOT NULL,
	`reason` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`lifted_by` text,
	`lifted_at` text
);
--> statement-breakpoint
CREATE INDEX `legal_holds_target` ON `legal_holds` (`target`);--> statement-breakpoint
CREATE TABLE `privacy_settings` (
	`id` text PRIMARY KEY NOT NULL,
	`retention` text NOT NULL,
	`redaction` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `retention_sweeps` (
	`kind` text PRIMARY KEY NOT NULL,
	`removed` integer NOT NULL,
	`last_removed` integer NOT NULL,
	`last_at` text NOT NULL,
	`place` text
);
