#!/bin/sh
# Makes token.txt, the token that RequestSignerTest expects, with openssl only.
cd "$(dirname "$0")" || exit 1
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
body='{"payload":"Grüße {\"method\":\"get_all_keys\"}"}'
hash=$(printf '%s' "$body" | openssl dgst -sha256 -r | cut -d' ' -f1)
header=$(printf '%s' '{"typ":"JWT","alg":"RS256"}' | base64url)
claims=$(printf '%s' '{"sub":"api-key","exp":1767225630,"uri":"/v1/ncw/wallets/w/devices/d/invoke","nonce":"9f1b4c1e-4a0e-4a53-8b9a-0d7f3f6f5a11","iat":1767225600,"bodyHash":"'"$hash"'"}' | base64url)
signature=$(printf '%s' "$header.$claims" | openssl dgst -sha256 -sign pkcs8.pem | base64url)
printf '%s' "$header.$claims.$signature" > token.txt
