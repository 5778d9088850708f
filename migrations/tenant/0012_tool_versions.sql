CREATE TABLE `tool_versions` (
	`tool_id` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`tool_id`, `version`),
	FOREIGN KEY (`tool_id`) REFERENCES `tools`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
-- Tools that were made before versions were kept begin with the one that they have.
INSERT INTO `tool_versions` (`tool_id`, `version`, `definition`, `created_by`, `created_at`)
SELECT `id`, `version`, `definition`, `created_by`, `updated_at` FROM `tools`;
