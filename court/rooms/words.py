"""What the room's scripts say to people, in their language. Scripts hold no words of their own."""

from django.utils.translation import gettext as _

from court.cases.models import Role


def words() -> dict[str, object]:
    """All sentences by key; ``{name}`` and the like are filled in by the browser."""
    return {
        "roles": {role.value: str(role.label) for role in Role},
        "you": _("you"),
        # The recording sign.
        "sign_idle": _("Not recording"),
        "sign_before": _("Not started yet"),
        "sign_never": _("Never recorded"),
        "sign_starting": _("Recording is starting"),
        "sign_on": _("Recording"),
        "sign_trouble": _("Recording has trouble"),
        "count_in": _("{here} of {all} in"),
        # Buttons that change their name.
        "mute": _("Mute"),
        "unmute": _("Unmute"),
        "camera_off": _("Turn camera off"),
        "camera_on": _("Turn camera on"),
        "hand_up": _("Raise hand"),
        "hand_down": _("Lower hand"),
        "mute_person": _("Mute {name}"),
        # States of people.
        "here": _("In the room"),
        "not_here": _("Not in the room"),
        "away": _("In a private talk"),
        "is_muted": _("Microphone off"),
        "is_loud": _("Microphone on"),
        "is_dark": _("Camera off"),
        "no_microphone": _("No microphone"),
        "has_hand_up": _("Hand raised"),
        "connecting": _("Connecting…"),
        "host": _("leads the session"),
        # What happened, announced.
        "event_came": _("{name} came in."),
        "event_left": _("{name} left."),
        "event_away": _("{name} went to a private talk."),
        "event_back": _("{name} is back."),
        "event_hand_up": _("{name} raised a hand."),
        "event_muted_you": _("The host muted you. Unmute yourself when it is your turn."),
        "event_started": _("The session has started."),
        "event_ended": _("The session has ended."),
        "event_recording_started": _("Recording has started."),
        "event_recording_ended": _("Recording has stopped."),
        "event_refused": _("{name} does not agree to recording."),
        "event_track_stopped": _("The recording of {name} is not arriving. Their browser keeps it and tries again."),
        "event_track_stopped_you": _(
            "Your recording is not arriving. Your browser keeps it and tries again. Keep this page open."
        ),
        "event_track_resumed": _("The recording of {name} is arriving again."),
        "event_chat": _("Message from {name}: {text}"),
        "event_called_aside": _("You are asked into a private talk. Taking you there."),
        "event_called_back": _("The private talk is over. Taking you back."),
        # Devices.
        "device_default": _("Microphone {number}"),
        "camera_default": _("Camera {number}"),
        "no_camera_choice": _("No camera"),
        "no_microphone_choice": _("No microphone"),
        "camera_refused": _(
            "The browser does not let this page use your camera. "
            "Allow it beside the address bar, then try again. You can also go on without a camera."
        ),
        "camera_missing": _("No camera was found. You can go on without one: people will hear you, not see you."),
        "camera_busy": _("Another program is using your camera. Close that program, then try again."),
        "microphone_refused": _(
            "The browser does not let this page use your microphone. Allow it beside the address bar, then try again."
        ),
        "microphone_missing": _("No microphone was found. Plug one in, or go on without: nobody will hear you."),
        "microphone_busy": _("Another program is using your microphone. Close that program, then try again."),
        "microphone_lost": _("Your microphone was unplugged. Choose another one."),
        "camera_lost": _("Your camera was unplugged."),
        "go_mute_warning": _("Without a microphone nobody can hear you. Press Join again to go in all the same."),
        "meter_waiting": _("Say something. Did the bar move?"),
        "meter_moved": _("Your microphone works: the bar moved."),
        "insecure": _(
            "Your browser only lets secure pages use camera and microphone. "
            "Open this page with an address that begins with https."
        ),
        "too_old": _(
            "This browser cannot hold a video meeting. Use a current version of Firefox, Chrome, Edge or Safari."
        ),
        "choose_consent": _("Say first whether you accept the recording."),
        "must_accept": _("You can only join if you accept the recording. If you do not, contact the court office."),
        "opens_soon": _("The room is open now. You can join."),
        # The connection.
        "joining": _("Joining…"),
        "connection_lost": _("The connection to the court is lost. Trying again. Keep this page open."),
        "connection_wait": _("The connection to the court is lost. Trying again in {seconds} seconds."),
        "connection_back": _("The connection is back."),
        "asked_waits": _("What you asked for is done as soon as the connection is back. Keep this page open."),
        "sound_blocked": _("Your browser has turned the sound off."),
        "sending": _("Sending the rest of your recording: {count} pieces left. Keep this page open."),
        "sent": _("Your recording has been sent. You can close this page."),
        "disk_full": _("The court cannot store the recording now. Your browser keeps it and goes on trying."),
        "signed_out": _("You are signed out. Sign in again in another tab; your recording is kept until then."),
        "refused_piece": _("A part of your recording was not accepted by the court."),
        "storage_full": _("Your device has no room left. Your recording is kept only while this page is open."),
        "tool_failed": _("That did not work. Try again."),
        "done": _("Done."),
        # Why one is not, or no longer, in the room.
        "left_title": _("You have left the room"),
        "left_text": _("You can come back as long as the session goes on."),
        "refused_ended": _("The session has ended."),
        "refused_not_open": _("The room is not open yet."),
        "refused_full": _("The room is full. At most 6 people can meet here. Ask the host to let somebody leave."),
        "refused_not_agreed": _("Say first whether you accept the recording."),
        "refused_unseated": _("You no longer have a place in this room."),
        "refused_not_host": _("Only the host can do that."),
        "refused_not_here": _("That person is not in this room."),
        "refused_empty": _("Write something first."),
        "refused_too_long": _("The message is too long. Use at most 2,000 characters."),
        "refused_other": _("That did not work."),
        "lost_taken_over": _(
            "You opened this room in another tab or on another device. This page has stopped sending."
        ),
        "lost_elsewhere": _("You went to another room of this session. This page has stopped sending."),
        "lost_unseated": _("You no longer have a place in this room."),
        "lost_not_agreed": _("You did not accept the recording, so you are not in the room any more."),
        "lost_title": _("You are not in the room on this page"),
        "ended_title": _("The session has ended"),
    }
