output "subnetwork" {
  description = "Subnetwork of the workers, as `regions/REGION/subnetworks/NAME`."
  value       = "regions/${google_compute_subnetwork.workers.region}/subnetworks/${google_compute_subnetwork.workers.name}"

  depends_on = [google_compute_firewall.workers]
}
