output "number" {
  description = "Number of the project."
  value       = data.google_project.project.number

  depends_on = [time_sleep.services]
}

output "pubsub_agent" {
  description = "Pub/Sub's service agent as an IAM member: who writes native subscriptions to tables and buckets."
  value       = "serviceAccount:service-${data.google_project.project.number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  depends_on = [google_project_service_identity.agent, google_project_iam_member.agent]
}

output "services" {
  description = "Services that are switched on."
  value       = sort([for service in google_project_service.service : service.service])
}
