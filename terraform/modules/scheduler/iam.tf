resource "google_cloud_run_v2_service_iam_member" "invoker" {
  project  = var.project_id
  location = var.location
  name     = var.service
  role     = "roles/run.invoker"
  member   = "serviceAccount:${var.service_account}"
}
