ALTER TABLE `trigger_deliveries` ADD `depth` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `trigger_deliveries_execution` ON `trigger_deliveries` (`execution_id`);