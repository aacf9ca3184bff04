mock_provider "google" {}

variables {
  project_id = "example-project"
  prefix     = "prod"
  region     = "us-central1"
}

run "workers_without_addresses_reach_google" {
  command = plan

  assert {
    condition     = google_compute_subnetwork.workers.private_ip_google_access
    error_message = "Without Private Google Access a worker without an external address reaches nothing."
  }

  assert {
    condition     = output.subnetwork == "regions/us-central1/subnetworks/prod-pipeline"
    error_message = "The subnetwork is named the way Dataflow takes it."
  }
}

run "only_workers_reach_workers" {
  command = plan

  assert {
    condition     = google_compute_firewall.workers.source_tags == toset(["dataflow"]) && google_compute_firewall.workers.target_tags == toset(["dataflow"]) && google_compute_firewall.workers.source_ranges == null
    error_message = "The firewall opens two ports between workers and nothing else."
  }

  assert {
    condition     = google_compute_network.workers.auto_create_subnetworks == false
    error_message = "The network has the one subnetwork that the workers use."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    prefix        = "Production"
    ip_cidr_range = "10.64.0.0"
  }

  expect_failures = [var.prefix, var.ip_cidr_range]
}
