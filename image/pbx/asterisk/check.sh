#!/bin/sh
# Tells whether the kit is rightly put into the Asterisk that runs on this machine.
#
#   sh check.sh [OPTIONS OF asterisk, such as -C FILE]
#
# One line for each thing looked at; a BAD one says what to do. Changes nothing. Exit code 0: all is
# well, 1: something is not, 2: there is no Asterisk to ask.

OLDEST=20
APPLICATIONS="Answer Busy Congestion Dial ExecIf Gosub Goto GotoIf Hangup Log NoOp Originate Playtones Return Set VoiceMail Wait"
FUNCTIONS="AST_CONFIG CALLERID CHANNEL CUT DB DB_KEYS DEVICE_STATE DIALPLAN_EXISTS FIELDNUM FILTER IF LEN
LOCAL LOCK PJSIP_AOR PJSIP_CONTACT PJSIP_DIAL_CONTACTS PJSIP_ENDPOINT REDIRECTING SHARED SHIFT UNLOCK"
MODULES="res_pjsip_exten_state res_pjsip_pidf_body_generator res_pjsip_refer"
CONTEXTS="deskpanel-phones deskpanel-hints deskpanel-call deskpanel-onward deskpanel-local
deskpanel-emergency deskpanel-own"
STATUSES="dnd absent diverted logged_out"

result=0
options="$*"

ok() { echo "ok   $1"; }
bad() { echo "BAD  $1"; result=1; }

# shellcheck disable=SC2086 # the options are words
ask() { asterisk $options -rx "$1" 2>/dev/null; }
value() { ask "dialplan eval function $1" | sed -n 's/^Result: *//p'; }
setting() { value "AST_CONFIG(deskpanel/users.conf,$1,$2,-1)"; }
exists() { [ "$(value "DIALPLAN_EXISTS($1,$2,1)")" = 1 ]; }
words() { echo "$1" | tr '&' ' '; }

# --------------------------------------------------------------- Asterisk itself

version() {
    told=$(ask "core show version")
    number=$(echo "$told" | sed -n 's/^Asterisk [^0-9]*\([0-9][0-9]*\).*/\1/p')
    if [ -z "$number" ]; then
        echo "BAD  no Asterisk answers: is it running, and are you allowed to ask it (root)?"
        exit 2
    fi
    if [ "$number" -lt $OLDEST ]; then bad "Asterisk $number: the kit needs $OLDEST or later"
    else ok "Asterisk $number"; fi
}

parts() {
    missing=
    for name in $APPLICATIONS; do
        ask "core show application $name" | grep -q '^Your application' && missing="$missing $name()"
    done
    for name in $FUNCTIONS; do
        ask "core show function $name" | grep -q '^No function' && missing="$missing $name"
    done
    for name in $MODULES; do
        ask "module show like $name" | grep -q Running || missing="$missing $name"
    done
    if [ -n "$missing" ]; then bad "modules.conf: not loaded is what gives$missing"
    else ok "all applications, functions and modules that the kit uses"; fi
}

# --------------------------------------------------------------- dialplan

dialplan() {
    for context in $CONTEXTS; do
        if ask "dialplan show $context" | grep -q "Context '$context'"; then ok "context $context"
        else bad "extensions.conf: no context $context: add '#include deskpanel/extensions.conf'"; fi
    done
    ask "dialplan show deskpanel-onward" | grep -q -e "Include =>" -e "' =>" ||
        bad "site.conf: deskpanel-onward is empty: phones can call users and nobody else"
    emergency
}

emergency() {
    numbers=$(ask "dialplan show deskpanel-emergency" | sed -n "s/^ *'\([^_'][^']*\)' =>.*/\1/p")
    [ -n "$numbers" ] || bad "site.conf: deskpanel-emergency has no number that a locked phone can call"
    for number in $numbers; do
        if exists deskpanel-onward "$number"; then ok "emergency number $number"
        else bad "site.conf: emergency number $number leads nowhere: deskpanel-onward does not have it"; fi
    done
}

# --------------------------------------------------------------- users and groups

sections() {
    sed -n '/^\[[^]]*\](!/d; s/^\[\([^]]*\)\].*/\1/p' "$etc/deskpanel/users.conf" |
        sort -u
}

everybody() {
    etc=$(ask "core show settings" | sed -n 's/^ *Configuration directory: *//p')
    found=
    for number in $(sections); do
        before=$result
        result=0
        case $(setting "$number" type) in
            user) user "$number" ;;
            group) group "$number" ;;
            *) bad "users.conf [$number]: type is neither user nor group: write [$number](user)" ;;
        esac
        [ $result = 1 ] || ok "$(setting "$number" type) $number"
        found="$found $number"
        [ "$before" = 0 ] || result=1
    done
    [ -n "$found" ] || bad "users.conf: nobody is in it"
}

user() {
    terminals=$(setting "$1" terminals)
    [ -n "$terminals" ] || bad "users.conf [$1]: terminals is missing: nothing rings"
    for terminal in $(words "$terminals"); do
        case $terminal in PJSIP/*) endpoint "$1" "${terminal#PJSIP/}" ;; esac
    done
    for word in $(words "$(setting "$1" may)"); do
        case " $STATUSES outside " in
            *" $word "*) ;;
            *) bad "users.conf [$1]: may: '$word' is none of: $STATUSES outside" ;;
        esac
    done
    mobile=$(setting "$1" mobile)
    [ -z "$mobile" ] || exists deskpanel-onward "$mobile" ||
        bad "users.conf [$1]: mobile $mobile leads nowhere: deskpanel-onward does not have it"
    case $(setting "$1" own_ring_seconds) in
        *[!0-9]*) bad "users.conf [$1]: own_ring_seconds is not a number: *55 rings for ever" ;;
    esac
    events "$1"
    shown "$1"
}

endpoint() {
    told=$(ask "pjsip show endpoint $2")
    if echo "$told" | grep -q 'Unable to find'; then
        bad "users.conf [$1]: there is no PJSIP endpoint $2"
        return
    fi
    for wanted in context=deskpanel-phones subscribe_context=deskpanel-hints; do
        echo "$told" | grep -q "^ *${wanted%=*}  *: ${wanted#*=} *$" ||
            bad "pjsip.conf: endpoint $2 has not ${wanted%=*} = ${wanted#*=}: its calls go by no status"
    done
    echo "$told" | grep -q '^ *redirect_method  *: uri_pjsip *$' &&
        bad "pjsip.conf: endpoint $2 has redirect_method = uri_pjsip: its 302 sends calls anywhere, past every rule"
    [ "$2" = "$1" ] || named "$1" ||
        bad "pjsip.conf: endpoint $2 needs set_var = DESKPANEL_USER=$1, or its codes are nobody's"
}

# Asterisk tells no set_var of an endpoint, so its files are looked through.
named() {
    line="^ *set_var *=>* *DESKPANEL_USER=$1 *\(;.*\)*\$"
    [ -n "$(find "$etc" -name '*.conf' -exec grep -l "$line" {} +)" ]
}

group() {
    members=$(setting "$1" members)
    [ -n "$members" ] || bad "users.conf [$1]: members is missing"
    for member in $(words "$members"); do
        [ "$(setting "$member" type)" = user ] ||
            bad "users.conf [$1]: member $member is not a user: a group has users only"
    done
    events "$1"
}

events() {
    case $(setting "$1" ring_seconds) in
        '' | *[!0-9]*) bad "users.conf [$1]: ring_seconds is not a number: it rings for ever" ;;
    esac
    for event in on_busy on_unreachable on_no_answer; do
        action "$1" $event "$(setting "$1" $event)"
    done
}

action() {
    case $3 in
        hangup) ;;
        voicemail)
            box=$(setting "$1" mailbox)
            [ -n "$box" ] && [ "$(value "VM_INFO($box,exists)")" = 1 ] ||
                bad "users.conf [$1]: $2 is voicemail, but mailbox '$box' is not in voicemail.conf" ;;
        extension:*)
            [ -n "$(setting "${3#extension:}" type)" ] || exists deskpanel-local "${3#extension:}" ||
                bad "users.conf [$1]: $2: ${3#extension:} is not a user, a group or in deskpanel-local" ;;
        *) bad "users.conf [$1]: $2: '$3' is not hangup, voicemail or extension:NUMBER" ;;
    esac
}

# --------------------------------------------------------------- what is kept and what is shown

# One hint each tells a status; they must say what is kept.
shown() {
    status=$(ask "database get deskpanel $1/status" | sed -n 's/^Value: *//p')
    for one in $STATUSES; do
        state=$(value "DEVICE_STATE(Custom:deskpanel-$one-$1)")
        if [ "$one" = "$status" ]; then wanted=BUSY; else wanted="NOT_INUSE UNKNOWN"; fi
        case " $wanted " in
            *" $state "*) ;;
            *) bad "user $1 is ${status:-available}, but the hint of $one says $state: run asterisk -rx \
'channel originate Local/s@deskpanel-restore application Wait 1'" ;;
        esac
    done
}

version
parts
dialplan
everybody
exit $result
