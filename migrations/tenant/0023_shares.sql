CREATE TABLE `resource_access` (
	`resource_id` text PRIMARY KEY NOT NULL,
	`access` text NOT NULL,
	`owner_id` text,
	`shares` text NOT NULL,
	`access_version` integer NOT NULL,
	`shared_by` text NOT NULL,
	`shared_at` text NOT NULL
);
