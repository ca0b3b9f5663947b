{{- /* Whether a feature of files/rules.yaml is on: "true" or "". Takes root and feature. */ -}}
{{- define "ingress-atlas.featureOn" -}}
{{- $mode := include "ingress-atlas.secretsMode" .root -}}
{{- if eq .feature "core" -}}true
{{- else if eq .feature "secretsGet" -}}{{- if and (eq $mode "get") (not .root.Values.secrets.byNamespace) -}}true{{- end -}}
{{- else if eq .feature "secretsWatch" -}}{{- if eq $mode "watch" -}}true{{- end -}}
{{- else if eq .feature "accessReviews" -}}{{- if ne .root.Values.auth.mode "none" -}}true{{- end -}}
{{- else if eq .feature "tokenReviews" -}}{{- if eq .root.Values.auth.mode "kubernetes" -}}true{{- end -}}
{{- else if index .root.Values.rbac.rules .feature -}}true
{{- end -}}
{{- end }}

{{- /* Rules of the features that are on. Takes root, scopes, and reviewsOnly. */ -}}
{{- define "ingress-atlas.rules" -}}
{{- $root := .root -}}
{{- $scopes := .scopes -}}
{{- $reviewsOnly := .reviewsOnly -}}
{{- $rules := list -}}
{{- range (.root.Files.Get "files/rules.yaml" | fromYaml).rules -}}
{{- $isReview := has "create" .verbs -}}
{{- if and (has .scope $scopes) (or $isReview (not $reviewsOnly)) (include "ingress-atlas.featureOn" (dict "root" $root "feature" .feature)) -}}
{{- $rule := dict "apiGroups" .apiGroups "resources" .resources "verbs" .verbs -}}
{{- if and (eq .feature "configMaps") $root.Values.rbac.configMapNames -}}
{{- $_ := set $rule "resourceNames" $root.Values.rbac.configMapNames -}}
{{- else if and (eq .feature "secretsGet") $root.Values.secrets.names -}}
{{- $_ := set $rule "resourceNames" $root.Values.secrets.names -}}
{{- end -}}
{{- $rules = append $rules $rule -}}
{{- end -}}
{{- end -}}
{{- if $rules -}}
{{- toYaml $rules -}}
{{- end -}}
{{- end }}

{{- define "ingress-atlas.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "ingress-atlas.serviceAccountName" . }}
    namespace: {{ .Release.Namespace }}
{{- end }}
