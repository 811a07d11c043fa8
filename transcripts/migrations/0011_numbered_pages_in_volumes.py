from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("transcripts", "0010_what_search_looks_through")]

    operations = [
        migrations.AlterModelOptions(name="pagesfile", options={"ordering": ["volume"]}),
        migrations.RemoveConstraint(model_name="pagesfile", name="printed_once"),
        migrations.AddField("pageline", "heading", models.BooleanField(default=False)),
        migrations.AddField("pagesfile", "first_page", models.PositiveIntegerField(default=1)),
        migrations.AddField("pagesfile", "last_page", models.PositiveIntegerField(default=1)),
        migrations.AddField("pagesfile", "size", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("pagesfile", "volume", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField("pagination", "first_page", models.PositiveIntegerField(default=1)),
        migrations.AddConstraint(
            model_name="pagesfile",
            constraint=models.UniqueConstraint(
                fields=("pagination", "clearance", "digest", "volume"), name="printed_once"
            ),
        ),
    ]
