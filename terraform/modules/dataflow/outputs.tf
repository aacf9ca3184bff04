output "job_id" {
  description = "Id of the job that runs; an update in place gives a new one."
  value       = google_dataflow_flex_template_job.job.job_id
}

output "job_name" {
  description = "Name of the job."
  value       = google_dataflow_flex_template_job.job.name
}
