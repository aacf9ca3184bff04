resource "google_compute_network" "workers" {
  project                 = var.project_id
  name                    = "${var.prefix}-pipeline"
  description             = "Network of the Dataflow workers; nothing else runs in it."
  auto_create_subnetworks = false
}

# Workers have no external addresses. Private Google Access is their only way to Artifact Registry, Cloud Storage,
# Pub/Sub, BigQuery and Dataflow.
# Source: docs.cloud.google.com/dataflow/docs/guides/troubleshoot-networking, read 2026-11-29.
resource "google_compute_subnetwork" "workers" {
  #checkov:skip=CKV_GCP_26:flow logs of workers that only call Google's interfaces cost more than they show
  #checkov:skip=CKV_GCP_76:the workers use IPv4 only

  project                  = var.project_id
  name                     = "${var.prefix}-pipeline"
  region                   = var.region
  network                  = google_compute_network.workers.id
  ip_cidr_range            = var.ip_cidr_range
  private_ip_google_access = true
}

# Workers reach each other on two ports; Dataflow puts the tag `dataflow` on them.
# Source: docs.cloud.google.com/dataflow/docs/guides/routes-firewall, read 2026-11-29.
resource "google_compute_firewall" "workers" {
  project     = var.project_id
  name        = "${var.prefix}-pipeline-workers"
  description = "Dataflow workers to Dataflow workers."
  network     = google_compute_network.workers.name
  source_tags = ["dataflow"]
  target_tags = ["dataflow"]

  allow {
    protocol = "tcp"
    ports    = ["12345-12346"]
  }
}
