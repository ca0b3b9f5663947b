{{- /* The container's environment. What is not set is left to the program's own default. */ -}}
{{- define "ingress-atlas.env" -}}
{{- $values := .Values -}}
# Both: Next listens on the first, the settings are checked against the second.
- {name: HOSTNAME, value: {{ $values.listen | quote }}}
- {name: HOST, value: {{ $values.listen | quote }}}
- {name: PORT, value: "3000"}
{{- if eq $values.database.type "sqlite" }}
- {name: DATABASE_URL, value: "sqlite:/data/history.sqlite"}
{{- else if eq $values.database.type "off" }}
- {name: DATABASE_URL, value: "off"}
{{- else }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef: {name: {{ $values.database.existingSecret }}, key: {{ $values.database.key }}}
{{- end }}
- {name: ATLAS_SECRETS, value: {{ include "ingress-atlas.secretsMode" . | quote }}}
- {name: ATLAS_DNS, value: {{ ternary "on" "off" $values.dns.enabled | quote }}}
{{- $optional := dict
  "ATLAS_NAMESPACES" (join "," $values.rbac.namespaces)
  "ATLAS_DNS_SERVERS" (join "," $values.dns.servers)
  "ATLAS_KNOWN_ADDRESSES" (join "," $values.knownAddresses)
  "ATLAS_RETENTION" $values.retention
  "ATLAS_PROXY_PEERS" (join "," $values.auth.proxy.peers)
  "ATLAS_PUBLIC_URL" (include "ingress-atlas.publicUrl" .)
  "ATLAS_CONTEXTS" (join "," $values.kubeconfig.contexts)
  "ATLAS_ENVIRONMENTS" (join "," $values.kubeconfig.environments)
  "LOG_LEVEL" $values.logLevel
}}
{{- range $name, $value := $optional }}
{{- if $value }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
{{- if $values.publicPreview }}
- {name: ATLAS_PUBLIC_PREVIEW, value: "true"}
{{- end }}
{{- if $values.kubeconfig.existingSecret }}
{{- $paths := list }}
{{- range $values.kubeconfig.keys }}{{ $paths = append $paths (printf "/etc/ingress-atlas/kubeconfig/%s" .) }}{{ end }}
- {name: KUBECONFIG, value: {{ join ":" $paths | quote }}}
{{- end }}
{{- if $values.extraCA.configMap }}
- {name: NODE_EXTRA_CA_CERTS, value: {{ printf "/etc/ingress-atlas/ca/%s" $values.extraCA.key | quote }}}
{{- end }}
{{ include "ingress-atlas.authEnv" . }}
- name: POD_NAME
  valueFrom:
    fieldRef: {fieldPath: metadata.name}
- name: POD_NAMESPACE
  valueFrom:
    fieldRef: {fieldPath: metadata.namespace}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "ingress-atlas.authEnv" -}}
{{- $auth := .Values.auth -}}
- {name: ATLAS_AUTH, value: {{ $auth.mode | quote }}}
{{- if eq $auth.mode "none" }}
- {name: ATLAS_AUTH_NONE_IS_FINE, value: {{ $auth.noneIsFine | quote }}}
{{- end }}
{{- if .Values.metrics.open }}
- {name: ATLAS_METRICS_OPEN, value: "true"}
{{- end }}
{{- $optional := dict }}
{{- if eq $auth.mode "oidc" }}
{{- $optional = dict
  "ATLAS_OIDC_ISSUER" $auth.oidc.issuer
  "ATLAS_OIDC_CLIENT_ID" $auth.oidc.clientId
  "ATLAS_OIDC_SCOPES" $auth.oidc.scopes
  "ATLAS_OIDC_USER_CLAIM" $auth.oidc.userClaim
  "ATLAS_OIDC_GROUPS_CLAIM" $auth.oidc.groupsClaim
  "ATLAS_OIDC_USER_PREFIX" $auth.oidc.userPrefix
  "ATLAS_OIDC_GROUPS_PREFIX" $auth.oidc.groupsPrefix }}
{{- else if eq $auth.mode "proxy" }}
{{- $optional = dict
  "ATLAS_PROXY_USER_HEADER" $auth.proxy.userHeader
  "ATLAS_PROXY_GROUPS_HEADER" $auth.proxy.groupsHeader }}
{{- end }}
{{- range $name, $value := $optional }}
{{- if $value }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
{{- if $auth.existingSecret }}
{{- $keys := dict "none" dict "kubernetes" (dict "ATLAS_SESSION_KEY" "session-key") "oidc" (dict "ATLAS_SESSION_KEY" "session-key" "ATLAS_OIDC_CLIENT_SECRET" "oidc-client-secret") "proxy" (dict "ATLAS_PROXY_SECRET" "proxy-secret") }}
{{- range $name, $key := index $keys $auth.mode }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef: {name: {{ $auth.existingSecret }}, key: {{ $key }}, optional: true}
{{- end }}
{{- end }}
{{- end }}
