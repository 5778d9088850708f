CREATE TABLE `quotas` (
	`name` text PRIMARY KEY NOT NULL,
	`most` integer,
	`updated_by` text NOT NULL,
	`updated_at` text NOT NULL
);
