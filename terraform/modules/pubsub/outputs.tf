output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value = concat(
    [for grant in google_pubsub_topic_iam_member.topic : "topic ${grant.topic} ${grant.role} ${grant.member}"],
    [for grant in google_pubsub_subscription_iam_member.reader : "subscription ${grant.subscription} ${grant.role} ${grant.member}"],
  )
}

output "protected" {
  description = "Whether deleting what holds data is refused."
  value = alltrue(concat(
    [for topic in google_pubsub_topic.topic : topic.deletion_policy == "PREVENT"],
    [for subscription in google_pubsub_subscription.reader : subscription.deletion_policy == "PREVENT"],
    [for subscription in google_pubsub_subscription.files : subscription.deletion_policy == "PREVENT"],
    [for subscription in google_pubsub_subscription.notices_webhook : subscription.deletion_policy == "PREVENT"],
    [google_pubsub_subscription.archive.deletion_policy == "PREVENT", google_pubsub_subscription.dead_letters.deletion_policy == "PREVENT"],
  ))
}

output "subscription_ids" {
  description = "Full names of the subscriptions that a job reads (`projects/…/subscriptions/…`): `events` and `replay`."
  value       = { for key, subscription in google_pubsub_subscription.reader : key => subscription.id }

  depends_on = [google_pubsub_subscription_iam_member.reader]
}

output "subscription_names" {
  description = "Names of all subscriptions without project: `events`, `replay`, `archive`, `dead_letters`, in direct mode `files`, and `notices_webhook` if there is one."
  value = merge(
    { for key, subscription in google_pubsub_subscription.reader : key => subscription.name },
    { archive = google_pubsub_subscription.archive.name, dead_letters = google_pubsub_subscription.dead_letters.name },
    { for key, subscription in google_pubsub_subscription.files : key => subscription.name },
    { for subscription in google_pubsub_subscription.notices_webhook : "notices_webhook" => subscription.name },
  )
}

output "topic_ids" {
  description = "Full names of the topics (`projects/…/topics/…`): `events`, `replay`, `dead_letter` and `notices`."
  value       = { for key, topic in google_pubsub_topic.topic : key => topic.id }

  depends_on = [google_pubsub_topic_iam_member.topic]
}

output "topic_names" {
  description = "Names of the topics without project: `events`, `replay`, `dead_letter` and `notices`."
  value       = { for key, topic in google_pubsub_topic.topic : key => topic.name }

  depends_on = [google_pubsub_topic_iam_member.topic]
}
