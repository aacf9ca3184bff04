output "bucket_names" {
  description = "Names of the buckets: `events` and, in dataflow mode, `templates`, `staging` and `temp`."
  value       = { for key, bucket in google_storage_bucket.bucket : key => bucket.name }

  depends_on = [google_storage_bucket_iam_member.bucket]
}

output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value       = [for grant in google_storage_bucket_iam_member.bucket : "bucket ${grant.bucket} ${grant.role} ${grant.member}"]
}

output "protected" {
  description = "Whether deleting what holds data is refused."
  value       = alltrue([for key, bucket in google_storage_bucket.bucket : bucket.deletion_policy == "PREVENT" && !bucket.force_destroy if key != "temp"])
}
