CREATE TABLE `flow_versions` (
	`flow_id` text NOT NULL,
	`version` integer NOT NULL,
	`graph` text NOT NULL,
	`definition` text NOT NULL,
	`note` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`flow_id`, `version`),
	FOREIGN KEY (`flow_id`) REFERENCES `flows`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `flows` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`graph` text NOT NULL,
	`graph_digest` text NOT NULL,
	`node_count` integer NOT NULL,
	`version` integer NOT NULL,
	`last_version` integer NOT NULL,
	`published_version` integer,
	`published_digest` text,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE INDEX `flows_created` ON `flows` (`created_at`);--> statement-breakpoint
CREATE INDEX `flows_updated` ON `flows` (`updated_at`);--> statement-breakpoint
CREATE TABLE `llm_providers` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`provider_type` text NOT NULL,
	`credentials` text,
	`hint` text,
	`config` text NOT NULL,
	`is_active` integer NOT NULL,
	`is_default` integer NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `llm_providers_default` ON `llm_providers` (`is_default`) WHERE is_default = 1;--> statement-breakpoint
CREATE TABLE `executions` (
	`id` text PRIMARY KEY NOT NULL,
	`flow_id` text NOT NULL,
	`flow_name` text NOT NULL,
	`flow_version` integer,
	`status` text NOT NULL,
	`actor` text NOT NULL,
	`error` text,
	`created_at` text NOT NULL,
	`started_at` text,
	`finished_at` text,
	`duration_ms` integer,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`cost_micros` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `executions_created` ON `executions` (`created_at`);--> statement-breakpoint
CREATE INDEX `executions_flow` ON `executions` (`flow_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `executions_status` ON `executions` (`status`,`created_at`);--> statement-breakpoint
CREATE TABLE `idempotency_answers` (
	`key` text PRIMARY KEY NOT NULL,
	`answer` text,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_answers_created` ON `idempotency_answers` (`created_at`);--> statement-breakpoint
CREATE TABLE `idempotency_claims` (
	`key` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`request_id` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_claims_created` ON `idempotency_claims` (`created_at`);--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`tenant_id` text,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`target` text,
	`detail` text NOT NULL,
	`request_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_entries_at` ON `audit_entries` (`at`);--> statement-breakpoint
CREATE INDEX `audit_entries_target` ON `audit_entries` (`target`);