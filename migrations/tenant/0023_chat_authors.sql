CREATE TABLE `chat_authors` (
	`chat_id` text NOT NULL,
	`author` text NOT NULL,
	PRIMARY KEY(`chat_id`, `author`)
);
--> statement-breakpoint
CREATE INDEX `chat_authors_author` ON `chat_authors` (`author`);