output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value       = ["service ${google_cloud_run_v2_service_iam_member.invoker.name} ${google_cloud_run_v2_service_iam_member.invoker.role} ${google_cloud_run_v2_service_iam_member.invoker.member}"]
}

output "protected" {
  description = "Whether deleting what holds data is refused."
  value       = alltrue([for trigger in google_eventarc_trigger.trigger : trigger.deletion_policy == "PREVENT"])
}

output "subscriptions" {
  description = "Subscriptions that the triggers made and push from (`projects/…/subscriptions/eventarc-…`), by name of the trigger."
  value       = { for name, trigger in google_eventarc_trigger.trigger : name => try(trigger.transport[0].pubsub[0].subscription, null) }
}

output "trigger_names" {
  description = "Names of the triggers."
  value       = keys(google_eventarc_trigger.trigger)
}
