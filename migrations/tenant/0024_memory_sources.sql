ALTER TABLE `memories` ADD `execution_id` text;--> statement-breakpoint
ALTER TABLE `memories` ADD `actor` text;--> statement-breakpoint
CREATE INDEX `memories_execution` ON `memories` (`execution_id`);--> statement-breakpoint
CREATE INDEX `memories_actor` ON `memories` (`actor`);