output "subscriptions" {
  description = "Subscriptions that the triggers made and push from (`projects/…/subscriptions/eventarc-…`), by name of the trigger."
  value       = { for name, trigger in google_eventarc_trigger.trigger : name => try(trigger.transport[0].pubsub[0].subscription, null) }
}

output "trigger_names" {
  description = "Names of the triggers."
  value       = keys(google_eventarc_trigger.trigger)
}
