from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('transcripts', '0012_index_anew')]

    operations = [
        migrations.AddField(
            model_name='savedsearch',
            name='untold',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
