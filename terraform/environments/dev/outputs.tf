output "alert_runbooks" {
  description = "Address of the chapter that says what to do, by alert."
  value       = module.pipeline.alert_runbooks
}

output "bucket_names" {
  description = "Names of the buckets: `events` and, in dataflow mode, `templates` and `temp`."
  value       = module.pipeline.bucket_names
}

output "dataset_id" {
  description = "Id of the dataset, without project."
  value       = module.pipeline.dataset_id
}

output "delivery_mode" {
  description = "Who writes the rows: `dataflow` or `direct`."
  value       = module.pipeline.delivery_mode
}

output "deployer_email" {
  description = "Account that GitHub's workflows become; null without federation."
  value       = module.pipeline.deployer_email
}

output "eventarc_subscriptions" {
  description = "Subscriptions that Eventarc made, by trigger; empty without table-manager."
  value       = module.pipeline.eventarc_subscriptions
}

output "grants" {
  description = "Every grant that is made, as `RESOURCE ROLE MEMBER`, without those of the GitHub deployer."
  value       = module.pipeline.grants
}

output "image_prefix" {
  description = "What the names of images begin with (`<region>-docker.pkg.dev/<project>/<repository>`)."
  value       = module.pipeline.image_prefix
}

output "job_name" {
  description = "Name of the Dataflow job; null without one."
  value       = module.pipeline.job_name
}

output "job_service_account" {
  description = "Account of the Dataflow job's workers; null in direct mode."
  value       = module.pipeline.job_service_account
}

output "protected" {
  description = "Whether deleting what holds data is refused, by part."
  value       = module.pipeline.protected
}

output "revisions" {
  description = "Revision of each service that was made last and is ready: `event_generator`, `table_manager`."
  value       = module.pipeline.revisions
}

output "service_names" {
  description = "Names of the services that were made: `event_generator`, `table_manager`."
  value       = module.pipeline.service_names
}

output "service_uris" {
  description = "Addresses of the services that were made: `event_generator`, `table_manager`."
  value       = module.pipeline.service_uris
}

output "subscription_names" {
  description = "Names of the subscriptions: `events`, `replay`, `archive`, `dead_letters` and, in direct mode, `files`."
  value       = module.pipeline.subscription_names
}

output "topic_names" {
  description = "Names of the topics: `events`, `replay` and `dead_letter`."
  value       = module.pipeline.topic_names
}

output "workload_identity_provider" {
  description = "Provider that GitHub's workflows log in with; null without federation."
  value       = module.pipeline.workload_identity_provider
}
