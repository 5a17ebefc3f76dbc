from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("web", "0002_token")]

    operations = [
        migrations.CreateModel(
            name="Demanded",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=40, unique=True)),
            ],
        ),
    ]
