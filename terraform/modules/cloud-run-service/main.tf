resource "google_cloud_run_v2_service" "service" {
  project              = var.project_id
  name                 = var.name
  location             = var.location
  description          = var.description
  labels               = var.labels
  ingress              = var.ingress
  invoker_iam_disabled = false
  iap_enabled          = var.iap
  deletion_protection  = var.deletion_protection

  template {
    service_account                  = var.service_account
    timeout                          = "${var.timeout_seconds}s"
    max_instance_request_concurrency = var.concurrency
    labels                           = var.labels

    scaling {
      min_instance_count = var.scaling.min_instances
      max_instance_count = var.scaling.max_instances
    }

    containers {
      image = var.image

      ports {
        container_port = var.port
      }

      resources {
        limits            = { cpu = var.resources.cpu, memory = var.resources.memory }
        cpu_idle          = !var.resources.cpu_always_on
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = var.environment

        content {
          name  = env.key
          value = env.value
        }
      }

      # A process that listens is started; what it depends on decides only about traffic.
      startup_probe {
        period_seconds    = 2
        failure_threshold = 30
        timeout_seconds   = 2

        http_get {
          path = var.probes.liveness
        }
      }

      liveness_probe {
        period_seconds    = 30
        failure_threshold = 3
        timeout_seconds   = 5

        http_get {
          path = var.probes.liveness
        }
      }

      # No success_threshold: the interface's Probe has no such field (discovery document of 2026-10-31), and answers 400.
      readiness_probe {
        period_seconds    = 10
        failure_threshold = 3
        timeout_seconds   = 5

        http_get {
          path = var.probes.readiness
        }
      }
    }
  }

  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }
}
