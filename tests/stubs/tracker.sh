#!/bin/sh
# A tracker in the folder $STUB, behind the calls of `gh api` and `glab api`: it writes down how it was called, and answers in JSON.
set -eu
name=${0##*/}
{
  printf '[%s]' "$name"
  for word do printf ' <%s>' "$word"; done
  printf '\n'
} >>"$STUB/calls"
[ "$1" = api ]
shift
method=GET endpoint=
new=$STUB/new
rm -rf "$new"
mkdir -p "$new" "$STUB/issues"
: >"$new/labels"
while [ $# -gt 0 ]; do
  case $1 in
    --paginate) shift ;;
    --method)
      method=$2
      shift 2
      ;;
    --field | --raw-field)
      key=${2%%=*} value=${2#*=}
      case $1:$value in --field:@*) value=$(cat "${value#@}") ;; esac
      case $key in
        'labels[]' | add_labels) printf '%s\n' "$value" >>"$new/labels" ;;
        labels) printf '%s\n' "$value" | tr , '\n' >>"$new/labels" ;;
        description) printf '%s' "$value" >"$new/body" ;;
        *) printf '%s' "$value" >"$new/$key" ;;
      esac
      shift 2
      ;;
    -*) exit 64 ;;
    *)
      endpoint=$1
      shift
      ;;
  esac
done

text() { # FILE as a text of JSON
  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$(printf '\t')/\\\\t/g" "$1" | awk '{ printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }'
}
issue() { # NUMBER as JSON
  of=$STUB/issues/$1
  if [ "$name" = gh ]; then
    printf '{"number": %s, "html_url": "https://tracker.example/%s", "state": "%s", "title": "%s", "body": "%s"}' \
      "$1" "$1" "$(cat "$of/state")" "$(text "$of/title")" "$(text "$of/body")"
  else
    printf '{"iid": %s, "web_url": "https://tracker.example/%s", "state": "%s", "title": "%s", "description": "%s"}' \
      "$1" "$1" "$(cat "$of/state")" "$(text "$of/title")" "$(text "$of/body")"
  fi
}
rest=${endpoint#*/issues}
number=${rest#/} number=${number%%/*}
case $method:$rest in
  GET:\?*)
    # A page for each issue, one after the other.
    for of in "$STUB"/issues/*; do
      [ -d "$of" ] || continue
      printf '[%s]\n' "$(issue "${of##*/}")"
    done
    ;;
  GET:/*) issue "$number" ;;
  POST:)
    set -- "$STUB"/issues/*
    number=1
    while [ -d "$STUB/issues/$number" ]; do number=$((number + 1)); done
    mv "$new" "$STUB/issues/$number"
    printf open >"$STUB/issues/$number/state"
    if [ -n "${STUB_DIES-}" ]; then exit 7; fi
    issue "$number"
    ;;
  POST:*/comments | POST:*/notes)
    cat "$new/body" >>"$STUB/issues/$number/comments"
    printf '\n' >>"$STUB/issues/$number/comments"
    ;;
  POST:*/labels) cat "$new/labels" >>"$STUB/issues/$number/labels" ;;
  DELETE:*/labels/*)
    grep -vxF "${rest##*/}" "$STUB/issues/$number/labels" >"$new/left" || :
    mv "$new/left" "$STUB/issues/$number/labels"
    ;;
  PATCH:* | PUT:*)
    for file in title body; do
      if [ -f "$new/$file" ]; then mv "$new/$file" "$STUB/issues/$number/$file"; fi
    done
    cat "$new/labels" >>"$STUB/issues/$number/labels"
    if [ -f "$new/remove_labels" ]; then
      grep -vxF "$(cat "$new/remove_labels")" "$STUB/issues/$number/labels" >"$new/left" || :
      mv "$new/left" "$STUB/issues/$number/labels"
    fi
    if [ -f "$new/state" ] || [ -f "$new/state_event" ]; then printf closed >"$STUB/issues/$number/state"; fi
    issue "$number"
    ;;
  *) exit 65 ;;
esac
