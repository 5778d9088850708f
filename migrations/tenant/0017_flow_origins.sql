CREATE TABLE `flow_origins` (
	`flow_id` text PRIMARY KEY NOT NULL,
	`format` text NOT NULL,
	`language` text NOT NULL,
	`content` text NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`flow_id`) REFERENCES `flows`(`id`) ON UPDATE no action ON DELETE no action
);
