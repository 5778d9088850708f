CREATE TABLE `agent_versions` (
	`agent_id` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`agent_id`, `version`),
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `agents` (
	`id` text PRIMARY KEY NOT NULL,
	`definition` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`role` text NOT NULL,
	`model` text,
	`llm_provider_id` text,
	`status` text NOT NULL,
	`tool_count` integer NOT NULL,
	`version` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE INDEX `agents_created` ON `agents` (`created_at`);--> statement-breakpoint
CREATE INDEX `agents_updated` ON `agents` (`updated_at`);--> statement-breakpoint
CREATE TABLE `crew_versions` (
	`crew_id` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`crew_id`, `version`),
	FOREIGN KEY (`crew_id`) REFERENCES `crews`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `crews` (
	`id` text PRIMARY KEY NOT NULL,
	`definition` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`collaboration_pattern` text NOT NULL,
	`member_count` integer NOT NULL,
	`task_count` integer NOT NULL,
	`agent_ids` text NOT NULL,
	`version` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE INDEX `crews_created` ON `crews` (`created_at`);--> statement-breakpoint
CREATE INDEX `crews_updated` ON `crews` (`updated_at`);--> statement-breakpoint
CREATE TABLE `tools` (
	`id` text PRIMARY KEY NOT NULL,
	`definition` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`version` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE INDEX `tools_created` ON `tools` (`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `tools_name` ON `tools` (`name`) WHERE "tools"."deleted_at" is null;--> statement-breakpoint
CREATE TABLE `memories` (
	`row` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`holder` text NOT NULL,
	`text` text NOT NULL,
	`digest` text NOT NULL,
	`created_at` text NOT NULL,
	`used_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `memories_id_unique` ON `memories` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `memories_once` ON `memories` (`holder`,`digest`);--> statement-breakpoint
CREATE INDEX `memories_holder` ON `memories` (`holder`,`created_at`);--> statement-breakpoint
CREATE VIRTUAL TABLE `memories_fts` USING fts5(`holder`, `text`, content = 'memories', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2');--> statement-breakpoint
CREATE TRIGGER `memories_remembered` AFTER INSERT ON `memories` BEGIN
	INSERT INTO `memories_fts` (`rowid`, `holder`, `text`) VALUES (new.`row`, new.`holder`, new.`text`);
END;--> statement-breakpoint
CREATE TRIGGER `memories_forgotten` AFTER DELETE ON `memories` BEGIN
	INSERT INTO `memories_fts` (`memories_fts`, `rowid`, `holder`, `text`) VALUES ('delete', old.`row`, old.`holder`, old.`text`);
END;
