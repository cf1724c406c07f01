variable "bucket" {
  description = "Bucket with the release, in the Region of the stack"
  type        = string
}

locals {
  release = "0.1.0/"
}

data "aws_s3_bucket" "code" {
  bucket = var.bucket
}

resource "aws_cloudformation_stack" "mfa_self_service" {
  name         = "mfa-self-service-prod"
  template_url = "https://${data.aws_s3_bucket.code.bucket_regional_domain_name}/${local.release}template.json"
  capabilities = ["CAPABILITY_NAMED_IAM"]

  # What is not here has its default.
  parameters = {
    Stage             = "prod"
    CodeBucket        = var.bucket
    CodePrefix        = local.release
    RecoveryApprovals = "2"
  }
}

resource "aws_iam_group_policy_attachment" "everybody" {
  group      = "everybody"
  policy_arn = aws_cloudformation_stack.mfa_self_service.outputs["SelfServicePolicyArn"]
}
