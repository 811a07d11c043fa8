"""Words get the number by which everything made of the record points to them; passages get room between them."""

from django.db import migrations

STEP = 1024


def number(apps, schema_editor):
    Transcript = apps.get_model("transcripts", "Transcript")
    Utterance = apps.get_model("transcripts", "Utterance")
    for transcript in Transcript.objects.all():
        said = list(Utterance.objects.filter(transcript=transcript).order_by("position"))
        next_word = 1
        for utterance in said:
            for at, (text, start, end, sure, *_more) in enumerate(utterance.words):
                utterance.words[at] = [text, start, end, sure, next_word, "h"]
                next_word += 1
        # The last first: no two may have one position, not even for a moment.
        for utterance in reversed(said):
            utterance.position *= STEP
            utterance.save(update_fields=["position", "words"])
        Transcript.objects.filter(pk=transcript.pk).update(next_word=next_word)


class Migration(migrations.Migration):

    dependencies = [("transcripts", "0005_the_whole_record")]

    operations = [migrations.RunPython(number, migrations.RunPython.noop)]
