import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("transcripts", "0008_how_tracks_are_heard")]

    operations = [
        migrations.AddField(
            model_name="redaction",
            name="batch",
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.AddIndex(
            model_name="redaction",
            index=models.Index(fields=["batch"], name="transcripts_batch_aee409_idx"),
        ),
    ]
