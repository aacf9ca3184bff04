locals {
  _topic_grants = merge(flatten([
    for topic, roles in var.topic_iam : [
      for role, members in roles : {
        for member in members : "${topic} ${role} ${member}" => { topic = topic, role = role, member = member }
      }
    ]
  ])...)

  _subscription_grants = merge(flatten([
    for subscription, roles in var.subscription_iam : [
      for role, members in roles : {
        for member in members : "${subscription} ${role} ${member}" => { subscription = subscription, role = role, member = member }
      }
    ]
  ])...)
}

resource "google_pubsub_topic_iam_member" "topic" {
  for_each = local._topic_grants

  project = var.project_id
  topic   = google_pubsub_topic.topic[each.value.topic].name
  role    = each.value.role
  member  = each.value.member
}

resource "google_pubsub_subscription_iam_member" "reader" {
  for_each = local._subscription_grants

  project      = var.project_id
  subscription = google_pubsub_subscription.reader[each.value.subscription].name
  role         = each.value.role
  member       = each.value.member
}
