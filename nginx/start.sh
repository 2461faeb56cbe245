#!/bin/sh
# Fills in nginx.conf.template, picks a certificate, starts nginx, and reloads it when the certificate changes.
# The certificate is the first of: files given in TLS_DIR, what certbot fetched into ACME_DIR, a self-signed placeholder
# that lets nginx serve certbot's challenge. Each is a folder with fullchain.pem and privkey.pem.
set -eu

SATH_DOMAIN=${SATH_DOMAIN:?the name people type to reach Sath}
API_ADDRESS=${API_ADDRESS:-api:8080}
HTTP_PORT=${HTTP_PORT:-8080}
HTTPS_PORT=${HTTPS_PORT:-8443}
WEB_ROOT=${WEB_ROOT:-/srv/dashboard}
ACME_ROOT=${ACME_ROOT:-/srv/acme}
ACCESS_LOG=${ACCESS_LOG:-/dev/stdout}
RUN_DIR=${RUN_DIR:-/tmp/nginx}
TLS_DIR=${TLS_DIR:-/etc/sath/tls}
ACME_DIR=${ACME_DIR:-/etc/letsencrypt/live/$SATH_DOMAIN}
TLS_CHECK_SECONDS=${TLS_CHECK_SECONDS:-60}

case $SATH_DOMAIN in
  *[!A-Za-z0-9.-]*) echo "SATH_DOMAIN is a host name such as bots.example.com, not \"$SATH_DOMAIN\"" >&2; exit 64 ;;
esac

template=$(dirname "$0")/nginx.conf.template
placeholder=$RUN_DIR/placeholder
umask 077
mkdir -p "$placeholder"

usable() { [ -r "$1/fullchain.pem" ] && [ -r "$1/privkey.pem" ]; }

chosen() {
  for folder in "$TLS_DIR" "$ACME_DIR"; do
    if usable "$folder"; then echo "$folder"; return; fi
  done
  echo "$placeholder"
}

# Changes when another folder is chosen or its certificate is renewed.
stamp() { echo "$1 $(cksum <"$1/fullchain.pem")"; }

if ! usable "$placeholder"; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$SATH_DOMAIN" \
    -addext "subjectAltName=DNS:$SATH_DOMAIN" -keyout "$placeholder/privkey.pem" -out "$placeholder/fullchain.pem" 2>/dev/null
fi

config=$RUN_DIR/nginx.conf
sed -e "s|\${SATH_DOMAIN}|$SATH_DOMAIN|g" -e "s|\${API_ADDRESS}|$API_ADDRESS|g" -e "s|\${HTTP_PORT}|$HTTP_PORT|g" \
  -e "s|\${HTTPS_PORT}|$HTTPS_PORT|g" -e "s|\${WEB_ROOT}|$WEB_ROOT|g" -e "s|\${ACME_ROOT}|$ACME_ROOT|g" \
  -e "s|\${ACCESS_LOG}|$ACCESS_LOG|g" -e "s|\${RUN_DIR}|$RUN_DIR|g" "$template" >"$config"

folder=$(chosen)
ln -sfn "$folder" "$RUN_DIR/tls"
seen=$(stamp "$folder")
[ "$folder" != "$placeholder" ] || echo "No certificate yet: a self-signed placeholder is used until there is one." >&2

# $$ stays the number of this process, which becomes nginx below; the loop ends with it.
while sleep "$TLS_CHECK_SECONDS" && kill -0 $$ 2>/dev/null; do
  folder=$(chosen)
  now=$(stamp "$folder") || continue
  [ "$now" != "$seen" ] || continue
  ln -sfn "$folder" "$RUN_DIR/tls"
  if nginx -c "$config" -t 2>/dev/null && kill -HUP $$; then
    seen=$now
    echo "The certificate in $folder is used from now on." >&2
  fi
done &

exec nginx -c "$config" -g 'daemon off;'
