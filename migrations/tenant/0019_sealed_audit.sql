CREATE TABLE `__new_audit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`tenant_id` text,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`target` text,
	`detail` text,
	`request_id` text NOT NULL,
	`seq` integer,
	`prev` text,
	`hash` text,
	`commitment` text,
	`detail_key` text
);
--> statement-breakpoint
INSERT INTO `__new_audit_entries`("id", "at", "tenant_id", "actor", "action", "target", "detail", "request_id") SELECT "id", "at", "tenant_id", "actor", "action", "target", "detail", "request_id" FROM `audit_entries`;--> statement-breakpoint
DROP TABLE `audit_entries`;--> statement-breakpoint
ALTER TABLE `__new_audit_entries` RENAME TO `audit_entries`;--> statement-breakpoint
CREATE INDEX `audit_entries_at` ON `audit_entries` (`at`);--> statement-breakpoint
CREATE UNIQUE INDEX `audit_entries_seq` ON `audit_entries` (`seq`);--> statement-breakpoint
CREATE INDEX `audit_entries_actor` ON `audit_entries` (`actor`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_entries_action` ON `audit_entries` (`action`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_entries_target` ON `audit_entries` (`target`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_entries_waiting` ON `audit_entries` (`id`) WHERE seq is null;