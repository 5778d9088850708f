ALTER TABLE `tenants` ADD `status_reason` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `status_by` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `status_at` text;