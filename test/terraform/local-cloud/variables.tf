variable "bigquery_url" {
  description = "Where BigQuery answers, without a slash at the end."
  type        = string
}

variable "deletion_protection" {
  description = "Refuse to delete what holds data."
  type        = bool
  default     = true
}

variable "delivery_mode" {
  description = "`dataflow` or `direct`."
  type        = string
  default     = "direct"
}

variable "project_id" {
  description = "Project of the local cloud."
  type        = string
  default     = "local-project"
}

variable "pubsub_url" {
  description = "Where Pub/Sub answers, without a slash at the end."
  type        = string
}

variable "storage_url" {
  description = "Where Cloud Storage answers, without a slash at the end."
  type        = string
}
