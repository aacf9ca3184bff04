output "bucket_names" {
  description = "Names of the buckets: `events` and, in dataflow mode, `templates` and `temp`."
  value       = { for key, bucket in google_storage_bucket.bucket : key => bucket.name }

  depends_on = [google_storage_bucket_iam_member.bucket]
}
