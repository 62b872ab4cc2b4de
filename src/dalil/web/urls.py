"""The addresses of the console. None holds a word that anybody searched for or wrote."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from dalil.web.views import acts, claims, intake, keeping, more, people, seen, week

both = require_http_methods(["GET", "HEAD", "POST"])
_CLAIM = "claims/<slug:claim_id>"

urlpatterns = [
    path("", require_GET(week.week), name="week"),
    path("week/<slug:name>", require_GET(week.week), name="week-of"),
    path("week/<slug:name>/count", require_POST(week.count), name="week-count"),
    path("how/<slug:measure>", require_GET(week.how), name="how"),
    path("claims", both(claims.board), name="claims"),
    path("claims/new", both(claims.new), name="claim-new"),
    path("claims/suggested", require_GET(claims.suggested), name="claims-suggested"),
    path("claims/suggested/<slug:suggestion_id>/dismiss", require_POST(claims.dismiss), name="suggestion-dismiss"),
    path(_CLAIM, require_GET(claims.claim), name="claim"),
    path(f"{_CLAIM}/take", require_POST(acts.take), name="claim-take"),
    path(f"{_CLAIM}/hand-over", require_POST(acts.hand_over), name="claim-hand-over"),
    path(f"{_CLAIM}/check", require_POST(acts.check), name="claim-check"),
    path(f"{_CLAIM}/finding", require_POST(acts.finding), name="claim-finding"),
    path(f"{_CLAIM}/report", require_POST(acts.report), name="claim-report"),
    path(f"{_CLAIM}/vote", require_POST(acts.vote), name="claim-vote"),
    path(f"{_CLAIM}/reopen", require_POST(acts.reopen), name="claim-reopen"),
    path(f"{_CLAIM}/answer", require_POST(acts.answer), name="claim-answer"),
    path(f"{_CLAIM}/posted", require_POST(acts.posted), name="claim-posted"),
    path(f"{_CLAIM}/silence", require_POST(acts.silence), name="claim-silence"),
    path(f"{_CLAIM}/end-silence", require_POST(acts.end_silence), name="claim-end-silence"),
    path(f"{_CLAIM}/warned", require_POST(acts.warned), name="claim-warned"),
    path("seen", both(seen.seen), name="seen"),
    path("seen/example", require_POST(seen.example), name="seen-example"),
    path("seen/<slug:token>", require_GET(seen.result), name="seen-result"),
    path("seen/<slug:token>/given.jpg", require_GET(seen.given), name="seen-given"),
    path("picture/<slug:sha256>.jpg", require_GET(seen.picture), name="picture"),
    path("intake", require_GET(intake.intake), name="intake"),
    path("intake/upload", require_POST(intake.upload), name="intake-upload"),
    path("intake/job/<slug:job_id>", require_GET(intake.job), name="intake-job"),
    path("intake/job/<slug:job_id>/cancel", require_POST(intake.cancel), name="intake-cancel"),
    path("intake/<slug:intake_id>", require_GET(intake.one), name="intake-one"),
    path("intake/<slug:intake_id>/rejects.csv", require_GET(intake.rejects), name="intake-rejects"),
    path("capture", both(intake.capture), name="capture"),
    path("login", both(people.login), name="login"),
    path("login/code", require_POST(people.login_code), name="login-code"),
    path("login/recover", require_POST(people.recover), name="recover"),
    path("join", both(people.join), name="join"),
    path("lock", require_POST(people.lock), name="lock"),
    path("language", require_POST(set_language), name="language"),
    path("circle", require_GET(people.circle), name="circle"),
    path("circle/invite", require_POST(people.invite), name="circle-invite"),
    path("circle/<slug:member_id>/confirm", require_POST(people.confirm), name="circle-confirm"),
    path("circle/<slug:member_id>/revoke", require_POST(people.revoke), name="circle-revoke"),
    path("door", require_GET(people.door), name="door"),
    path("door/totp", require_POST(people.totp), name="door-totp"),
    path("door/everywhere", require_POST(people.everywhere), name="door-everywhere"),
    path("kept", require_GET(keeping.kept), name="kept"),
    path("kept/account", require_POST(keeping.account), name="kept-account"),
    path("kept/item", require_POST(keeping.item), name="kept-item"),
    path("kept/names", require_POST(keeping.names), name="kept-names"),
    path("kept/<slug:agreement_id>/agree", require_POST(keeping.agree), name="kept-agree"),
    path("kept/<slug:agreement_id>/withdraw", require_POST(keeping.withdraw), name="kept-withdraw"),
    path("more", require_GET(more.more), name="more"),
    path("audit", require_GET(more.audit), name="audit"),
    path("help", require_GET(more.help_page), name="help"),
]
