{{- define "ingress-atlas.name" -}}
{{- .Chart.Name -}}
{{- end }}

{{- define "ingress-atlas.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "ingress-atlas.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ingress-atlas.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ingress-atlas.labels" -}}
{{ include "ingress-atlas.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "ingress-atlas.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ingress-atlas.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name: needed with serviceAccount.create=false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "ingress-atlas.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end }}

{{- /* YAML takes a bare off for false. */ -}}
{{- define "ingress-atlas.secretsMode" -}}
{{- ternary "off" .Values.secrets.mode (eq (toString .Values.secrets.mode) "false") -}}
{{- end }}

{{- define "ingress-atlas.publicUrl" -}}
{{- if .Values.publicUrl -}}
{{- .Values.publicUrl -}}
{{- else if and .Values.ingress.enabled .Values.ingress.host -}}
{{- printf "%s://%s" (ternary "https" "http" (ne .Values.ingress.tlsSecret "")) .Values.ingress.host -}}
{{- else if and .Values.httpRoute.enabled .Values.httpRoute.host -}}
{{- printf "%s://%s" (ternary "https" "http" .Values.httpRoute.https) .Values.httpRoute.host -}}
{{- end -}}
{{- end }}
