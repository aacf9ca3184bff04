output "alert_runbooks" {
  description = "Address of the chapter that says what to do, by alert."
  value       = module.monitoring.alert_runbooks
}

output "archive_dataset_id" {
  description = "Id of the dataset of archive and ledger, without project."
  value       = module.bigquery.archive_dataset_id
}

output "bucket_names" {
  description = "Names of the buckets: `events` and, in dataflow mode, `templates`, `staging` and `temp`."
  value       = module.storage.bucket_names
}

output "dataset_id" {
  description = "Id of the dataset, without project."
  value       = module.bigquery.dataset_id
}

output "delivery_mode" {
  description = "Who writes the rows: `dataflow` or `direct`."
  value       = var.delivery_mode
}

output "eventarc_subscriptions" {
  description = "Subscriptions that Eventarc made, by trigger; empty without table-manager."
  value       = merge([for triggers in values(module.eventarc) : triggers.subscriptions]...)
}

output "grants" {
  description = "Every grant on the environment's resources, as `RESOURCE ROLE MEMBER`; those on the project are outputs of the foundation."
  value = sort(concat(
    module.artifact_registry.grants,
    module.bigquery.grants,
    module.pubsub.grants,
    module.storage.grants,
    flatten([for service in values(module.event_generator) : service.grants]),
    flatten([for service in values(module.table_manager) : service.grants]),
    flatten([for service in values(module.console) : service.grants]),
    flatten([for triggers in values(module.eventarc) : triggers.grants]),
    flatten([for job in values(module.audit) : job.grants]),
    flatten([for job in values(module.promotion) : job.grants]),
  ))
}

output "has_console" {
  description = "Whether the foundation has an account for the console."
  value       = local._has_console
}

output "image_prefix" {
  description = "What the names of images begin with (`<region>-docker.pkg.dev/<project>/<repository>`)."
  value       = module.artifact_registry.image_prefix
}

output "job_name" {
  description = "Name of the Dataflow job; null without one."
  value       = one([for job in values(module.dataflow) : job.job_name])
}

output "job_service_account" {
  description = "Account of the Dataflow job's workers; null in direct mode."
  value       = var.delivery_mode == "dataflow" ? var.foundation.service_accounts["dataflow"] : null
}

output "protected" {
  description = "Whether deleting what holds data is refused, by part."
  value = merge(
    {
      artifact_registry = module.artifact_registry.protected
      bigquery          = module.bigquery.protected
      pubsub            = module.pubsub.protected
      storage           = module.storage.protected
    },
    { for service in values(module.event_generator) : "event_generator" => service.protected },
    { for service in values(module.table_manager) : "table_manager" => service.protected },
    { for service in values(module.console) : "console" => service.protected },
    { for triggers in values(module.eventarc) : "eventarc" => triggers.protected },
  )
}

output "revisions" {
  description = "Revision of each service that was made last and is ready: `event_generator`, `table_manager`, `console`."
  value = merge(
    { for service in values(module.event_generator) : "event_generator" => service.revision },
    { for service in values(module.table_manager) : "table_manager" => service.revision },
    { for service in values(module.console) : "console" => service.revision },
  )
}

output "scheduled_jobs" {
  description = "Names of the jobs of Cloud Scheduler."
  value       = flatten([for jobs in concat(values(module.audit), values(module.promotion)) : jobs.names])
}

output "service_names" {
  description = "Names of the services that were made: `event_generator`, `table_manager`, `console`."
  value = merge(
    { for service in values(module.event_generator) : "event_generator" => service.name },
    { for service in values(module.table_manager) : "table_manager" => service.name },
    { for service in values(module.console) : "console" => service.name },
  )
}

output "service_uris" {
  description = "Addresses of the services that were made: `event_generator`, `table_manager`, `console`."
  value = merge(
    { for service in values(module.event_generator) : "event_generator" => service.uri },
    { for service in values(module.table_manager) : "table_manager" => service.uri },
    { for service in values(module.console) : "console" => service.uri },
  )
}

output "subscription_names" {
  description = "Names of the subscriptions: `events`, `replay`, `archive`, `dead_letters` and, in direct mode, `files`."
  value       = module.pubsub.subscription_names
}

output "topic_names" {
  description = "Names of the topics: `events`, `replay` and `dead_letter`."
  value       = module.pubsub.topic_names
}
