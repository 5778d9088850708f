CREATE TABLE `flow_reviews` (
	`id` text PRIMARY KEY NOT NULL,
	`flow_id` text NOT NULL,
	`status` text NOT NULL,
	`digest` text NOT NULL,
	`base_version` integer,
	`published_as` integer,
	`note` text NOT NULL,
	`requested_by` text NOT NULL,
	`requester` text NOT NULL,
	`requested_at` text NOT NULL,
	`answered_by` text,
	`answered_at` text,
	`reason` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`flow_id`) REFERENCES `flows`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `flow_reviews_flow` ON `flow_reviews` (`flow_id`,`requested_at`);--> statement-breakpoint
CREATE TABLE `workspace_settings` (
	`id` text PRIMARY KEY NOT NULL,
	`review_before_publish` integer NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` text NOT NULL
);
