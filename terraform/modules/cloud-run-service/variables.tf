variable "concurrency" {
  description = "Requests that one instance works on at a time (1 to 1000)."
  type        = number
  default     = 80
  nullable    = false

  validation {
    condition     = var.concurrency >= 1 && var.concurrency <= 1000
    error_message = "concurrency lies between 1 and 1000."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the service."
  type        = bool
  default     = true
  nullable    = false
}

variable "description" {
  description = "What the service does, in a sentence."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "Settings of the service as environment variables. No secrets: everybody who may see the service sees them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Z][A-Z0-9_]*$", name)) && !startswith(name, "K_") && name != "PORT"])
    error_message = "Settings are UPPER_SNAKE; PORT and K_… are set by Cloud Run itself."
  }
}

variable "iap" {
  description = "Put Identity-Aware Proxy in front of the service, for people with a browser; its agent must be an invoker."
  type        = bool
  default     = false
  nullable    = false
}

variable "image" {
  description = "Image with its digest (`…-docker.pkg.dev/<project>/<repository>/<name>@sha256:…`), so that what was tested is what runs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@\\s]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "The image is named by digest (name@sha256:…), not by a tag, which may change its meaning."
  }
}

variable "ingress" {
  description = "Where requests may come from: `INGRESS_TRAFFIC_INTERNAL_ONLY` (this project's Eventarc, Pub/Sub, Scheduler and networks) or `INGRESS_TRAFFIC_ALL`."
  type        = string
  default     = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  nullable    = false

  validation {
    condition     = contains(["INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"], var.ingress)
    error_message = "ingress is INGRESS_TRAFFIC_ALL, INGRESS_TRAFFIC_INTERNAL_ONLY or INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER."
  }
}

variable "invokers" {
  description = "Members who may call the service."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.invokers : !contains(["allUsers", "allAuthenticatedUsers"], member)])
    error_message = "The service must not be open to allUsers or allAuthenticatedUsers: name who may call it."
  }
}

variable "labels" {
  description = "Labels of the service and its revisions."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "location" {
  description = "Region of the service (`us-central1`)."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Name of the service (`prod-table-manager`)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,47}[a-z0-9]$", var.name))
    error_message = "A service name has 2 to 49 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "port" {
  description = "Port that the container listens on; Cloud Run passes it as PORT."
  type        = number
  default     = 8080
  nullable    = false
}

variable "probes" {
  description = "Paths that answer whether the process lives and whether it can work."
  type = object({
    liveness  = optional(string, "/liveness")
    readiness = optional(string, "/readiness")
  })
  default  = {}
  nullable = false
}

variable "project_id" {
  description = "Id of the Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id is 6 to 30 lower-case letters, digits and hyphens, and begins with a letter (it is not the project's number)."
  }
}

variable "resources" {
  description = "CPU (`1`, `2`, …) and memory (`512Mi`, `1Gi`, …) of an instance. `cpu_always_on`: also between requests, for work in the background."
  type = object({
    cpu           = optional(string, "1")
    memory        = optional(string, "512Mi")
    cpu_always_on = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "scaling" {
  description = "Instances at least and at most (0 to 1000)."
  type = object({
    min_instances = optional(number, 0)
    max_instances = optional(number, 1000)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.scaling.min_instances >= 0 && var.scaling.max_instances >= 1 && var.scaling.min_instances <= var.scaling.max_instances && var.scaling.max_instances <= 1000
    error_message = "min_instances is at least 0 and not above max_instances, which is at most 1000."
  }
}

variable "service_account" {
  description = "E-mail address of the account that the service runs as: one of its own, not the project's default."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@\\s]+@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$", var.service_account))
    error_message = "The service runs as an account of its own (name@project.iam.gserviceaccount.com); the project's default accounts may do too much."
  }
}

variable "timeout_seconds" {
  description = "Seconds after which a request is given up (1 to 3600)."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 3600
    error_message = "timeout_seconds lies between 1 and 3600."
  }
}
