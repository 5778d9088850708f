CREATE TABLE `model_aliases` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`targets` text NOT NULL,
	`settings` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `model_aliases_name_unique` ON `model_aliases` (`name`);--> statement-breakpoint
CREATE TABLE `model_answers` (
	`key` text PRIMARY KEY NOT NULL,
	`answer` text NOT NULL,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `model_answers_expiry` ON `model_answers` (`expires_at`);