#!/usr/bin/env bash
# Prints accounts.json for "iam-mfa coverage --accounts": the URL of each stack of a StackSet, and the auditors' role
# beside it. Run it as an auditor with MFA who may list the instances of the StackSet and the accounts.
#
#   accounts.sh mfa-self-service-prod > accounts.json
set -euo pipefail

stack_set=$1
role=${2:-mfa-auditor}

me=$(aws sts get-caller-identity --query Arn --output text)
instances=$(aws cloudformation list-stack-instances --call-as DELEGATED_ADMIN --stack-set-name "$stack_set" \
  --query 'Summaries[].[Account,Region,Status,StackId]' --output text)

comma=
echo '['
while read -r account region status stack; do
  if [[ $status != CURRENT ]]; then
    echo "Left out: account $account, whose stack is $status" >&2
    continue
  fi
  partition=$(cut -d: -f2 <<<"$stack")
  role_arn="arn:$partition:iam::$account:role/$role"
  name=$(aws organizations describe-account --account-id "$account" --query Account.Name --output json </dev/null)
  keys=$(aws sts assume-role --role-arn "$role_arn" --role-session-name "${me##*/}" \
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text </dev/null)
  read -r id secret token <<<"$keys"
  url=$(AWS_ACCESS_KEY_ID=$id AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token \
    aws cloudformation describe-stacks --region "$region" --stack-name "$stack" \
    --query "Stacks[0].Outputs[?OutputKey=='ServiceEndpoint'].OutputValue" --output text </dev/null)
  printf '%s  {"account": "%s", "name": %s, "url": "%s", "roleArn": "%s"}' \
    "$comma" "$account" "$name" "$url" "$role_arn"
  comma=$',\n'
done <<<"$instances"
printf '\n]\n'
