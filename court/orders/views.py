"""Pages of this room: find, ask, go."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, office, signed_in
from court.accounts.kept import kept
from court.accounts.models import Office, User
from court.cases.access import case_for
from court.cases.services import NotNow
from court.evidence.ranges import ranged
from court.work.models import Job
from court.work.models import State as JobState
from court.work.services import again

from . import services
from .access import order_for, own_order_for
from .certificate import NoCertificate
from .checking import LARGEST, Busy, anchor_pem, check
from .citing import records_of
from .forms import NewOrderForm, OrderForm, SignForm, VerifyForm
from .glyphs import unprintable
from .models import Order, OrderState
from .rendering import document

ROOM_FOR_THE_FORM = 64 * 1024  # bytes a multipart form needs beside its file


def _said_by_case(fault: NotNow) -> str:
    return _("This order cannot be signed while the case stands at: %(stage)s.") % {
        "stage": fault.case.get_stage_display()
    }


@office(Office.JUDGE)
@require_http_methods(["GET", "POST"])
def order_new(request: PersonRequest, number: str) -> HttpResponse:
    """Choose what to write; the draft starts from a text with the case filled in."""
    case = case_for(request.user, number, can="decide_case")
    claimant = case.parties.filter(role="claimant", user__isnull=False).select_related("user").first()
    language = claimant.user.language if claimant and claimant.user else settings.LANGUAGE_CODE
    form = NewOrderForm(request.POST or None, initial={"language": language})
    if form.is_valid():
        order = services.start_order(case, by=request.user, **form.cleaned_data)
        return redirect("order_edit", order.pk)
    return render(request, "orders/new.html", {"case": case, "form": form}, status=400 if form.errors else 200)


@office(Office.JUDGE)
@require_http_methods(["GET", "POST"])
def order_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Write the draft. A form older than what is saved is refused, and both texts are shown."""
    order = own_order_for(request.user, pk)
    if order.state != OrderState.DRAFT:
        messages.info(request, _("This order was signed or discarded. It can no longer be changed."))
        return redirect("order", pk) if order.state != OrderState.DISCARDED else redirect("case", order.case.label)
    form = OrderForm(request.POST or kept(request), instance=order)
    saved = None
    if request.method == "POST" and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in services.TEXT_FIELDS}
        given = form.cleaned_data["version"]
        order.refresh_from_db()  # the form has written its texts on it
        try:
            services.save_draft(order, version=given, by=request.user, **texts)
        except services.Stale as fault:
            saved = fault.current
            form = OrderForm(initial={**texts, "version": saved.version}, instance=Order(case=order.case))
            form.fields["version"].initial = saved.version
        except services.NotADraft:
            messages.error(request, _("This order was signed or discarded meanwhile. Nothing was changed."))
            return redirect("order", pk)
        else:
            if "preview" in request.POST:
                return redirect("order", pk)
            messages.success(request, _("Draft saved."))
            return redirect("order_edit", pk)
    status = 409 if saved else 400 if request.method == "POST" else 200
    parts = {"form": form, "order": order, "case": order.case, "saved": saved, "records": records_of(order.case)}
    return render(request, "orders/edit.html", parts, status=status)


@signed_in
@require_safe
def order(request: PersonRequest, pk: int) -> HttpResponse:
    """The order as a page: the judge's preview of a draft, or what the parties received."""
    found = order_for(request.user, pk)
    mine = found.written_by_id == request.user.pk
    parts: dict[str, Any] = {"case": found.case, **document(found), "mine": mine}
    if mine and found.state == OrderState.DRAFT:
        parts["blanks"] = [Order._meta.get_field(name).verbose_name for name in services.blanks(found)]  # type: ignore[union-attr]
        parts["lost"] = unprintable("".join(getattr(found, name) for name in services.TEXT_FIELDS))
    if mine and found.state == OrderState.SIGNED:
        job = Job.objects.filter(key=f"issue_order:{found.pk}").first()
        parts["failed"] = job is not None and job.state == JobState.FAILED
    return render(request, "orders/order.html", parts)


@office(Office.JUDGE)
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def order_sign(request: PersonRequest, pk: int) -> HttpResponse:
    """Sign: the judge has just proved who they are, reads the order once more, and types their name."""
    found = own_order_for(request.user, pk)
    if found.state != OrderState.DRAFT:
        messages.info(request, _("This order was signed or discarded already. Nothing was changed."))
        return redirect("order", pk) if found.state != OrderState.DISCARDED else redirect("case", found.case.label)
    if services.blanks(found):
        messages.error(request, _("The order still has blanks. Fill them in before you sign."))
        return redirect("order_edit", pk)
    form = SignForm(request.POST or None, signer=request.user.name, initial={"version": found.version})
    refused = ""
    if form.is_valid():
        found.version = form.cleaned_data["version"]  # as the judge has read it
        try:
            services.sign_order(found, by=request.user)
        except services.Stale:
            messages.error(request, _("The draft was changed since you read it. Read it again before you sign."))
            return redirect("order", pk)
        except services.NotADraft:
            messages.info(request, _("This order was signed or discarded already. Nothing was changed."))
            return redirect("case", found.case.label)
        except NotNow as fault:
            refused = _said_by_case(fault)
        else:
            messages.success(request, _("Signed. The parties get the order as a signed PDF in a moment."))
            return redirect("order", pk)
    status = 409 if refused else 400 if form.errors else 200
    parts = {"form": form, "case": found.case, "refused": refused, **document(found)}
    return render(request, "orders/sign.html", parts, status=status)


@office(Office.JUDGE)
@require_POST
def order_discard(request: PersonRequest, pk: int) -> HttpResponse:
    """Put a draft away."""
    found = own_order_for(request.user, pk)
    try:
        services.discard_draft(found, by=request.user)
    except services.NotADraft:
        messages.info(request, _("This order was signed or discarded already. Nothing was changed."))
    else:
        messages.success(request, _("Draft discarded."))
    return redirect("case", found.case.label)


@office(Office.JUDGE)
@require_POST
def order_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Have the PDF of a signed order made again after a fault."""
    found = own_order_for(request.user, pk)
    job = Job.objects.filter(key=f"issue_order:{found.pk}").first()
    if found.state == OrderState.SIGNED and job is not None and again(job):
        messages.success(request, _("The court tries again. The parties get the order in a moment."))
    return redirect("order", pk)


@signed_in
@require_safe
def order_pdf(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The signed PDF."""
    found = order_for(request.user, pk)
    if found.state != OrderState.ISSUED:
        raise Http404
    name = f"{(found.number or '').replace('/', '-')}.pdf"
    try:
        return ranged(request, found.file, media_type="application/pdf", filename=name)
    except FileNotFoundError as fault:
        raise Http404 from fault


@csrf_exempt  # so that the size is asked before the body is read; the form itself is protected
def verify(request: HttpRequest) -> HttpResponseBase:
    """Anyone asks whether a PDF carries the court's signature and is unchanged."""
    if request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + ROOM_FOR_THE_FORM:
        form = VerifyForm({})
        form.errors.clear()
        form.add_error("file", _("This file is larger than 20 MB. Choose a smaller file."))
        return _verify_page(request, form, status=413)
    return _verify(request)


@csrf_protect
@require_http_methods(["GET", "POST"])
def _verify(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    if not form.is_valid():
        return _verify_page(request, form, status=400 if form.is_bound else 200)
    try:
        finding = check(form.cleaned_data["file"], reader=request.user if isinstance(request.user, User) else None)
    except Busy:
        return _verify_page(request, VerifyForm(), status=503, busy=True)
    except NoCertificate:
        return _verify_page(request, VerifyForm(), status=503, no_certificate=True)
    return _verify_page(request, VerifyForm(), finding=finding, file_name=form.cleaned_data["file"].name)


def _verify_page(request: HttpRequest, form: VerifyForm, *, status: int = 200, **parts: Any) -> HttpResponse:
    return render(request, "orders/verify.html", {"form": form, **parts}, status=status)


@require_GET
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate a reader must trust to check the court's signatures."""
    try:
        pem = anchor_pem()
    except NoCertificate as fault:
        raise Http404 from fault
    return HttpResponse(
        pem,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="court-certificate.pem"'},
    )
